/** Finds and makes elements. Whatever the API sent becomes text, never HTML. */

/**
 * Returns the element of a selector.
 * @type {(selector: string, within?: ParentNode) => HTMLElement}
 */
export const find = (selector, within = document) => {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`There is no ${selector}.`);
  return found;
};

/**
 * Returns a new element with texts and elements in it.
 * @type {(name: string, ...content: (string | Node)[]) => HTMLElement}
 */
export const make = (name, ...content) => {
  const element = document.createElement(name);
  element.append(...content);
  return element;
};
