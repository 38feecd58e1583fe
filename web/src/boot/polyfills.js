// What Chromium 63 to 97 lack and the app or its libraries use. Loaded by public/boot.js, never by current browsers.
import 'core-js/actual/global-this';
import 'core-js/actual/queue-microtask';
import 'core-js/actual/array/at';
import 'core-js/actual/array/find-last';
import 'core-js/actual/array/find-last-index';
import 'core-js/actual/array/flat';
import 'core-js/actual/array/flat-map';
import 'core-js/actual/array/to-sorted';
import 'core-js/actual/object/from-entries';
import 'core-js/actual/object/has-own';
import 'core-js/actual/promise/all-settled';
import 'core-js/actual/promise/any';
import 'core-js/actual/promise/finally';
import 'core-js/actual/string/at';
import 'core-js/actual/string/match-all';
import 'core-js/actual/string/replace-all';
import 'core-js/actual/string/trim-end';
import 'core-js/actual/string/trim-start';
import 'core-js/actual/structured-clone';
import 'abortcontroller-polyfill/dist/abortcontroller-polyfill-only';

if (!Element.prototype.toggleAttribute) {
  Element.prototype.toggleAttribute = function toggleAttribute(name, force) {
    const wanted = force === undefined ? !this.hasAttribute(name) : Boolean(force);
    if (wanted) this.setAttribute(name, '');
    else this.removeAttribute(name);
    return wanted;
  };
}

if (!Element.prototype.replaceChildren) {
  Element.prototype.replaceChildren = function replaceChildren(...nodes) {
    while (this.lastChild) this.removeChild(this.lastChild);
    this.append(...nodes);
  };
}

// Below Chromium 66 fetch rejects any signal, its own polyfill's included: race it here instead.
if (typeof Request !== 'undefined' && !('signal' in Request.prototype)) {
  const plain = self.fetch;
  self.fetch = (input, init) => {
    if (!init?.signal) return plain(input, init);
    const { signal, ...rest } = init;
    const aborted = new Promise((_, reject) => {
      const stop = () => reject(new DOMException('Aborted', 'AbortError'));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop);
    });
    return Promise.race([plain(input, rest), aborted]);
  };
}
