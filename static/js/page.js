// For every page: shows times in the visitor's time zone, handles being offline, and prevents double submission.
(() => {
  // Dates have a fixed format, but hours follow the visitor's locale (14:32 or 2:32 pm).
  let hour12
  const STYLES = {
    '': { hour: '2-digit', minute: '2-digit' },
    date: { day: 'numeric', month: 'short', year: 'numeric' },
    full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  }

  function localise () {
    const times = document.querySelectorAll('time[data-local]')
    // Creating a formatter is slow, so do it only if the page contains a time.
    if (times.length) hour12 ??= new Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions().hour12
    for (const time of times) {
      const style = STYLES[time.dataset.local] || STYLES['']
      time.textContent = new Intl.DateTimeFormat('en-GB', { ...style, hour12 }).format(new Date(time.dateTime))
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
  addEventListener('online', showOffline)
  addEventListener('offline', showOffline)
  document.addEventListener('htmx:after:swap', localise)
  // Register last, since the service worker downloads its files. If that fails, the next page tries again.
  addEventListener('load', () => setTimeout(() => navigator.serviceWorker?.register('/offline.js').catch(console.info), 2000))
  localise()
})()
