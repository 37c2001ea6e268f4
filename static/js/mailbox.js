// A code that stands alone in its line of a mail gets a button that copies it.
(() => {
  for (const mail of document.querySelectorAll('[data-mail]')) {
    const code = mail.textContent.match(/^[A-Z0-9]{3,}(-[A-Z0-9]{3,})*$/m)?.[0]
    if (!code) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'button small'
    button.textContent = `Copy ${code}`
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code)
      button.textContent = `Copied ${code}`
    })
    mail.before(button)
  }
})()
