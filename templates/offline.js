// Keeps one page for when there is no line, and what it is drawn with. Nothing of anybody's is ever kept.
const KEPT = 'offline-{{ version }}'
const [PAGE, ...FILES] = [{% for file in files %}'{{ file|escapejs }}', {% endfor %}]

addEventListener('install', event => {
  event.waitUntil(caches.open(KEPT).then(kept => kept.addAll([PAGE, ...FILES])).then(() => skipWaiting()))
})

addEventListener('activate', event => {
  const old = caches.keys().then(names => Promise.all(names.filter(name => name !== KEPT).map(name => caches.delete(name))))
  // The page is asked for while this script still wakes up: nobody waits for it.
  event.waitUntil(Promise.all([old, registration.navigationPreload?.enable(), clients.claim()]))
})

addEventListener('fetch', event => {
  const { request } = event
  if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(fresh(event).catch(() => caches.match(PAGE)))
  } else if (FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request.url)))
  }
})

async function fresh (event) {
  return await event.preloadResponse || fetch(event.request)
}
