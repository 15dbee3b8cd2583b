// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs before the first paint, in any browser: the theme, the language, and whether the page can work.
(function () {
  var root = document.documentElement, theme = null, language = null;
  try {
    theme = localStorage.getItem('theme');
    language = localStorage.getItem('language');
  } catch (error) {
    // Storage is forbidden: the settings of the browser count.
  }
  if (theme === 'light' || theme === 'dark')
    root.setAttribute('data-theme', theme);
  if (language !== 'en' && language !== 'fr')
    language = /^fr\b/i.test((navigator.languages || [navigator.language])[0] || '') ? 'fr' : 'en';
  root.setAttribute('lang', language);
  root.className = 'scripted';
  if (!window.customElements || !window.TextDecoderStream || !Array.prototype.toSorted)
    root.className = 'old';
})();
