// For every page: shows times in the visitor's time zone, handles being offline, and prevents double submission.
(() => {
  // Times follow the language of the page, in the visitor's own variant of it ("9:51 PM" or "21:51").
  const [lang] = document.documentElement.lang.split('-')
  const locale = navigator.languages.find(name => name === lang || name.startsWith(`${lang}-`)) || lang
  const STYLES = {
    '': { timeStyle: 'short' },
    date: { dateStyle: 'medium' },
    full: { dateStyle: 'medium', timeStyle: 'short' },
  }

  function localise () {
    for (const time of document.querySelectorAll('time[data-local]')) {
      const style = STYLES[time.dataset.local] || STYLES['']
      time.textContent = new Intl.DateTimeFormat(locale, style).format(new Date(time.dateTime))
    }
  }

  // The offline page reloads the requested page as soon as the browser is online.
  const standsIn = document.querySelector('[data-back]')

  function showOffline () {
    if (standsIn && navigator.onLine) location.reload()
    document.querySelector('[data-offline]').hidden = navigator.onLine || Boolean(standsIn)
  }

  document.addEventListener('submit', event => {
    const button = event.submitter
    if (!button?.matches('[data-once]') || event.defaultPrevented) return
    if (button.getAttribute('aria-busy') === 'true') return event.preventDefault()
    button.setAttribute('aria-busy', 'true')
  })
  // Enable the buttons again when the page is restored from the back/forward cache.
  addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll('[data-once]')) button.removeAttribute('aria-busy')
  })
  // A transition between two pages may be skipped, for example because the next page is slow. That is no error.
  for (const name of ['pageswap', 'pagereveal']) {
    addEventListener(name, ({ viewTransition: transition }) => {
      for (const step of ['ready', 'finished', 'updateCallbackDone']) transition?.[step].catch(console.debug)
    })
  }
  // On a phone, the row of tabs may be wider than the screen.
  document.querySelector('.tabs [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  addEventListener('online', showOffline)
  addEventListener('offline', showOffline)
  document.addEventListener('htmx:after:swap', localise)
  // Register last, since the service worker downloads its files. If that fails, the next page tries again.
  addEventListener('load', () => setTimeout(() => navigator.serviceWorker?.register('/offline.js').catch(console.info), 2000))
  localise()
})()
