// On every page: times in the visitor's zone, a note while the line is down, and no form sent twice by a double click.
(() => {
  // The page's own way to write a date, with the hours that the visitor is used to (14:32 or 2:32 pm).
  const { hour12 } = new Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions()
  const STYLES = {
    '': { hour: '2-digit', minute: '2-digit' },
    date: { day: 'numeric', month: 'short', year: 'numeric' },
    full: { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  }

  function localise () {
    for (const time of document.querySelectorAll('time[data-local]')) {
      const style = STYLES[time.dataset.local] || STYLES['']
      time.textContent = new Intl.DateTimeFormat('en-GB', { ...style, hour12 }).format(new Date(time.dateTime))
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
