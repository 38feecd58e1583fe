/*
 * Runs before anything else, on every browser that exists, so it is ES3: decides whether the app can run here, says which
 * kind of device this is, repairs the locale, loads the polyfills for old engines and turns a crash before the first
 * paint into a page a person can read.
 */
(function () {
  var root = document.documentElement;
  var agent = navigator.userAgent || '';

  var chosen = /[?&]device=(tv|phone|desktop)/.exec(location.search);
  try {
    if (chosen) localStorage.setItem('movify.device', chosen[1]);
    chosen = chosen || [0, localStorage.getItem('movify.device')];
  } catch (e) {
    chosen = chosen || [0, null];
  }

  function device() {
    if (chosen[1]) return chosen[1];
    if (/SMART-TV|SmartTV|Web0S|webOS\.TV|HbbTV|VIDAA|GoogleTV|Android TV|AFT[A-Z]|BRAVIA|Xbox|PlayStation/i.test(agent)) return 'tv';
    return (window.innerWidth || screen.width) < 640 ? 'phone' : 'desktop';
  }
  function mark() {
    root.setAttribute('data-device', device());
  }
  mark();
  root.setAttribute('data-input', device() === 'tv' ? 'keys' : 'pointer');

  /* Some engines report locales such as "en-US@posix", which every Intl constructor refuses. */
  var locale = 'en';
  try {
    locale = Intl.getCanonicalLocales(navigator.language)[0] || 'en';
  } catch (e) {}
  root.setAttribute('data-locale', locale);
  var french = /^fr/i.test(locale);

  function page(heading, text, detail) {
    var show = function () {
      document.body.innerHTML =
        '<div style="max-width:34em;margin:12vh auto;padding:0 24px;font:18px/1.5 sans-serif;color:#f3f4f7">' +
        '<p style="color:#ff7a1a;font-weight:bold;letter-spacing:.06em">MOVIFY</p><h1 style="font-size:30px;line-height:1.2"></h1><p></p>' +
        '<p style="color:#bcc2ce;word-wrap:break-word"></p></div>';
      document.body.style.background = '#0a0c11';
      var box = document.body.firstChild;
      var set = function (element, words) {
        element.appendChild(document.createTextNode(words));
      };
      set(box.childNodes[1], heading);
      set(box.childNodes[2], text);
      set(box.childNodes[3], detail);
    };
    if (document.body) show();
    else window.onload = show;
  }

  if (!('noModule' in document.createElement('script')) || !window.fetch || !window.CSS || !CSS.supports('display', 'grid')) {
    page(
      french ? 'Ce navigateur est trop ancien' : 'This browser is too old',
      french
        ? 'Movify a besoin d’un navigateur de 2018 ou plus récent. Ouvrez cette adresse sur un téléphone, un ordinateur ou une clé TV récente :'
        : 'Movify needs a browser from 2018 or later. Open this address on a phone, a computer or a newer TV stick:',
      location.protocol + '//' + location.host
    );
    return;
  }

  window.addEventListener('resize', mark);
  window.onerror = function (message) {
    var app = document.getElementById('root');
    if (app && app.firstChild) return;
    page(
      french ? 'Movify n’a pas pu démarrer' : 'Movify could not start',
      french ? 'Rechargez la page. Si cela se répète, donnez ce code à votre administrateur :' : 'Reload the page. If it happens again, give this code to your administrator:',
      'E-BOOT-1 · ' + message
    );
  };
  if (!Object.hasOwn || !window.structuredClone) document.write('<script src="/polyfills.js"><\/script>');
})();
