// SPDX-License-Identifier: LGPL-2.1-or-later

function setProperty(element, name, value) {
  if (name.startsWith('on'))
    element.addEventListener(name.slice(2), value);
  else if (value === true)
    element.setAttribute(name, '');
  else if (value !== false && value !== undefined && value !== null)
    element.setAttribute(name, value);
}

/** An element with attributes, listeners (onclick: ...) and children, which are nodes or texts. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    setProperty(element, name, value);
  element.append(...children.flat().filter((child) => child || child === 0));
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text)
    element.textContent = text;
}

/** Sizes a canvas for sharp lines; returns its context, scaled to CSS pixels. */
export function prepareCanvas(canvas, width, height) {
  const ratio = Math.min(window.devicePixelRatio || 1, 3);
  const w = Math.round(width * ratio), ht = Math.round(height * ratio);
  if (canvas.width !== w || canvas.height !== ht) {
    canvas.width = w;
    canvas.height = ht;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Calls a function once before the next frame, however often it is asked to. */
export function oncePerFrame(draw) {
  let request = 0;
  return () => {
    request ||= requestAnimationFrame(() => {
      request = 0;
      draw();
    });
  };
}

let n_ids = 0;

/** A new id for an element that others refer to. */
export function newId(prefix) {
  return `${prefix}-${++n_ids}`;
}
