// Adds a copy button for a code that is alone on its line in an e-mail.
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
