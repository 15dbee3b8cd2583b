// SPDX-License-Identifier: LGPL-2.1-or-later
// Model cards: headings, paragraphs, lists, tables. Everything becomes text; links lose their target.

import {h} from './dom.js';

const INLINE = /\*\*(.+?)\*\*|`(.+?)`|\[(.+?)\]\(.*?\)|(https?:\/\/\S+)/;

function makeInline(text) {
  const match = INLINE.exec(text);
  if (!match)
    return [text];
  const [all, strong, code, link, address] = match;
  const node = strong ? h('strong', {}, ...makeInline(strong))
             : code ? h('code', {}, code) : document.createTextNode(link ?? address);
  return [text.slice(0, match.index), node, ...makeInline(text.slice(match.index + all.length))];
}

function splitRow(line) {
  return line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
}

function makeTable(lines) {
  const head = splitRow(lines[0]), rows = lines.slice(2).map(splitRow);
  const cell = (text, i) => i === 0 ? h('th', {scope: 'row'}, ...makeInline(text))
                                    : h('td', {}, ...makeInline(text));
  return h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': head.filter(Boolean).join(', ')},
      h('table', {},
        h('thead', {}, h('tr', {}, ...head.map((text) => text ? h('th', {scope: 'col'}, ...makeInline(text))
                                                              : h('td')))),
        h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map(cell))))));
}

function makeBlock(lines) {
  const heading = /^(#+)\s+(.*)/.exec(lines[0]);
  if (heading)
    return h(heading[1].length === 1 ? 'h3' : 'h4', {}, ...makeInline(heading[2]));
  if (lines[0].startsWith('|') && lines.length > 2)
    return makeTable(lines);
  if (/^[-*]\s/.test(lines[0])) {
    const items = lines.join('\n').split(/^[-*]\s+/m).filter(Boolean);
    return h('ul', {}, ...items.map((item) => h('li', {}, ...makeInline(item.replaceAll('\n', ' ')))));
  }
  return h('p', {}, ...makeInline(lines.join(' ')));
}

/** Blocks are apart by empty lines; a heading is a block of its own. */
export function renderMarkdown(text) {
  const spaced = text.replace(/^(#+ .*)$/gm, '$1\n');
  return spaced.split(/\n\s*\n/).map((block) => block.split('\n').filter((line) => line.trim()))
      .filter((lines) => lines.length).map(makeBlock);
}
