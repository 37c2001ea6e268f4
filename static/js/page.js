// On every page: times in the visitor's zone, a note and a page for when the line is down, and no form sent twice by a
// double click.
(() => {
  // The page's own way to write a date, with the hours that the visitor is used to (14:32 or 2:32 pm).
  let hour12
  const STYLES = {
    '': { hour: '2-digit', minute: '2-digit' },
    date: { day: 'numeric', month: 'short', year: 'numeric' },
    full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  }

  function localise () {
    const times = document.querySelectorAll('time[data-local]')
    // Asked for only where there is a time to write: it takes the browser long.
    if (times.length) hour12 ??= new Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions().hour12
    for (const time of times) {
      const style = STYLES[time.dataset.local] || STYLES['']
      time.textContent = new Intl.DateTimeFormat('en-GB', { ...style, hour12 }).format(new Date(time.dateTime))
    }
  }

  // The page that stands in for another without a line makes room for it as soon as there is one.
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
  // Back from the next page, out of the browser's memory: the button must work again.
  addEventListener('pageshow', () => {
    for (const button of document.querySelectorAll('[data-once]')) button.removeAttribute('aria-busy')
  })
  addEventListener('online', showOffline)
  addEventListener('offline', showOffline)
  document.addEventListener('htmx:after:swap', localise)
  // Last of all: it fetches what it keeps. Where it cannot be had now, the next page tries again.
  addEventListener('load', () => setTimeout(() => navigator.serviceWorker?.register('/offline.js').catch(console.info), 2000))
  localise()
})()
