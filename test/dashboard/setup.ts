import type { TestProject } from 'vitest/node';
import { startLocal } from '../../tools/local.ts';
import { seed, TOKEN } from './seed.ts';

declare module 'vitest' {
  interface ProvidedContext {
    edge: string;
  }
}

export const LOCAL = {
  port: 0,
  adminToken: TOKEN,
  workerKey: 'dashboard-test-key',
  variables: { DELIVERY_RETRY_SECONDS: '0' },
};

/** Starts one Worker for all pages, with the site `acme`, which the tests read and never change. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const local = await startLocal(LOCAL);
  await seed(local.edge, 'acme');
  project.provide('edge', local.edge);
  return () => local.stop();
}
