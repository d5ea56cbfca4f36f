import { readFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import { createElement } from 'react';
import { renderToString as renderReact } from 'react-dom/server';
import { compile } from 'svelte/compiler';
import { createSSRApp } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import { App as ReactApp } from './react-app.ts';
import { App as VueApp } from './vue-app.ts';

/** A page rendered on the server, and the script that hydrates it in the browser. */
export interface ServerRendered {
  name: string;
  html: string;
  /** Defines `hydrate()`. */
  script: string;
}

const svelte = (generate: 'client' | 'server'): Plugin => ({
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => ({
      contents: compile(readFileSync(path, 'utf8'), { generate, filename: path }).js.code,
    }));
  },
});

async function bundle(contents: string, options: { plugins?: Plugin[]; platform?: 'browser' | 'node' } = {}) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: options.platform === 'node' ? 'esm' : 'iife',
    ...(options.platform === 'node' ? {} : { globalName: 'app' }),
    conditions: options.platform === 'node' ? [] : ['browser', 'production'],
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    ...options,
  });
  return (outputFiles[0] as { text: string }).text;
}

/** The same small app in React 19, Vue 3 and Svelte 5. Everything stands in `<div id="{container}">`. */
export async function serverRendered(container: string): Promise<ServerRendered[]> {
  const root = `document.getElementById('${container}')`;
  const server = await bundle(
    `import { render } from 'svelte/server'; import App from './App.svelte'; export const html = render(App).body;`,
    { plugins: [svelte('server')], platform: 'node' },
  );
  const { html } = (await import(`data:text/javascript;base64,${Buffer.from(server).toString('base64')}`)) as {
    html: string;
  };
  return [
    {
      name: 'React',
      html: renderReact(createElement(ReactApp)),
      script: await bundle(
        `import { createElement } from 'react'; import { hydrateRoot } from 'react-dom/client'; import { App } from './react-app.ts'; export const hydrate = () => hydrateRoot(${root}, createElement(App));`,
      ),
    },
    {
      name: 'Vue',
      html: await renderVue(createSSRApp(VueApp)),
      script: await bundle(
        `import { createSSRApp } from 'vue'; import { App } from './vue-app.ts'; export const hydrate = () => createSSRApp(App).mount(${root});`,
      ),
    },
    {
      name: 'Svelte',
      html,
      script: await bundle(
        `import { hydrate as start } from 'svelte'; import App from './App.svelte'; export const hydrate = () => start(App, { target: ${root} });`,
        { plugins: [svelte('client')] },
      ),
    },
  ];
}
