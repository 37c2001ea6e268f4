// Shares a private link with the Web Share API, or else copies it to the clipboard. A value with `data-copied` is a
// secret, such as an API token, and is only copied.
(() => {
  function ready (box) {
    const link = box.querySelector('input')
    const button = box.querySelector('[data-share-now]')
    if (!button?.hidden) return
    const shares = navigator.share && !box.dataset.copied
    button.querySelector('span').textContent = shares ? 'Share' : 'Copy'
    button.hidden = false
    button.addEventListener('click', async () => {
      const status = box.querySelector('[data-share-status]')
      try {
        if (shares) return await navigator.share({ title: box.dataset.shareTitle, url: link.value })
        await navigator.clipboard.writeText(link.value)
        status.textContent = box.dataset.copied || 'Copied. Now paste it to a friend.'
      } catch (error) {
        if (error.name === 'AbortError') return
        link.select()
        status.textContent = 'It is selected: copy it from here.'
      }
    })
    link.addEventListener('focus', () => link.select())
  }

  const readyAll = () => document.querySelectorAll('[data-share]').forEach(ready)
  document.addEventListener('htmx:after:swap', readyAll)
  readyAll()
})()
