// On every page: times in the visitor's zone, a note while the line is down, and no form sent twice by a double click.
(() => {
  const STYLES = {
    '': { hour: '2-digit', minute: '2-digit' },
    date: { day: 'numeric', month: 'short', year: 'numeric' },
    full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  }

  function localise () {
    for (const time of document.querySelectorAll('time[data-local]')) {
      const style = STYLES[time.dataset.local] || STYLES['']
      time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(time.dateTime))
    }
  }

  function tellOffline () {
    document.querySelector('[data-offline]').hidden = navigator.onLine
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
  addEventListener('online', tellOffline)
  addEventListener('offline', tellOffline)
  document.addEventListener('htmx:after:swap', localise)
  localise()
})()
