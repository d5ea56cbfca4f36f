import { referencePages } from '../.vitepress/reference/pages.ts';

/** The API reference is written from OpenAPI, as it is when the docs are built. */
export default {
  paths: () => referencePages().map(({ name, content }) => ({ params: { page: name }, content })),
};
