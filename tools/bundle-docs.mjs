// Makes pages of the project's documents for the console: whoever is woken at night may reach the cluster and nothing else.
import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { Marked } from 'marked';

/** What documents in `docs` refer to and is a document for operators as well, and the name of its page. */
const beside = { 'SECURITY.md': 'security.html', 'CHANGELOG.md': 'changelog.html' };

/**
 * @param {(file: string) => Promise<string>} keepPicture keeps a picture among the files of the console, and says under which name
 * @param {string} frame the page around each document, with {{title}}, {{assets}}, {{root}}, {{contents}} and {{document}} in it
 * @returns {Promise<ReadonlyMap<string, string>>} each page by its path below `/console/docs/`
 */
export async function documentPages(frame, keepPicture) {
  const files = (await readdir('docs', { recursive: true })).map((file) => `docs/${file.replaceAll('\\', '/')}`);
  const pictures = new Map();
  for (const file of files.filter((each) => each.endsWith('.png'))) pictures.set(file, await keepPicture(file));
  const documents = [...files.filter((each) => each.endsWith('.md')), ...Object.keys(beside)].sort();
  const pages = new Map(documents.map((file) => [file, pageOf(file)]));
  const rendered = await Promise.all(
    documents.map(async (file) => [
      pages.get(file),
      render(file, await readFile(file, 'utf8'), { frame, pages, pictures }),
    ]),
  );
  return new Map(rendered);
}

/** Each folder begins with its README. */
function pageOf(file) {
  return (
    beside[file] ??
    file
      .slice('docs/'.length)
      .replace(/(^|\/)README\.md$/, '$1index.html')
      .replace(/\.md$/, '.html')
  );
}

function render(file, text, { frame, pages, pictures }) {
  const root = pages.get(file).includes('/') ? '../' : './';
  const headings = [];
  const marked = new Marked({ gfm: true, renderer: rendererOf({ file, root, pages, pictures, headings }) });
  const document = marked.parse(text);
  const parts = {
    root,
    assets: `${root}../assets/`,
    title: headings[0]?.plain ?? file,
    contents: contentsOf(headings),
    document,
  };
  return frame.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

function rendererOf({ file, root, pages, pictures, headings }) {
  const taken = new Map();
  let tables = 0;
  return {
    heading({ tokens, depth }) {
      const [html, plain] = [this.parser.parseInline(tokens), textOf(tokens)];
      const id = anchorOf(plain, taken);
      headings.push({ depth, id, html, plain: escape(plain) });
      return `<h${depth} id="${id}">${html}</h${depth}>\n`;
    },
    link({ href, title, tokens }) {
      const html = this.parser.parseInline(tokens);
      const target = targetOf(href, { file, root, pages });
      const hint = title ? ` title="${escape(title)}"` : '';
      // Of what is not among the pages, such as a file of the source, the words stay.
      return target === undefined ? html : `<a href="${escape(target)}"${hint}>${html}</a>`;
    },
    image({ href, text }) {
      const picture = pictures.get(posix.join(posix.dirname(file), href));
      return picture === undefined ? escape(text) : `<img src="${root}../assets/${picture}" alt="${escape(text)}">`;
    },
    // What is wider than the window is scrolled by itself, also by keyboard.
    table({ header, rows }) {
      const cell = ({ tokens }, kind) => `<${kind}>${this.parser.parseInline(tokens)}</${kind.slice(0, 2)}>`;
      const row = (cells, kind) =>
        `<tr>${cells.map((each) => cell(each, each.text === '' ? 'td' : kind)).join('')}</tr>`;
      const head = header.every(({ text }) => text === '') ? '' : `<thead>${row(header, 'th scope="col"')}</thead>\n`;
      const body = rows.map((cells) => row(cells, 'td')).join('\n');
      const label = `Table ${++tables}`;
      return `<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>\n${head}<tbody>${body}</tbody></table></div>\n`;
    },
    code({ text }) {
      return `<pre tabindex="0"><code>${escape(text)}</code></pre>\n`;
    },
    /** Nothing is taken over as it is. */
    html({ text }) {
      return escape(text);
    },
  };
}

/** Where a link leads from a page; `undefined` for what is no page. */
function targetOf(href, { file, root, pages }) {
  if (/^https?:/.test(href)) return href;
  const [path, anchor] = href.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (path === '') return hash;
  const page = pages.get(posix.join(posix.dirname(file), path));
  return page === undefined ? undefined : `${root}${page}${hash}`;
}

/** As the places where the documents are read otherwise make it, so that links fit in both. */
function anchorOf(text, taken) {
  const anchor = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
  const before = taken.get(anchor);
  taken.set(anchor, (before ?? 0) + 1);
  return before === undefined ? anchor : `${anchor}-${before}`;
}

/** What to find on a long page. */
function contentsOf(headings) {
  const parts = headings.filter(({ depth }) => depth === 2);
  if (parts.length < 3) return '';
  const links = parts.map(({ id, plain }) => `<li><a href="#${id}">${plain}</a></li>`).join('\n');
  return `<nav aria-label="On this page"><details><summary>On this page</summary><ul>\n${links}\n</ul></details></nav>`;
}

function textOf(tokens) {
  return tokens
    .map((each) => (each.tokens ? textOf(each.tokens) : (each.text ?? '')))
    .join('')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
