// Teaches Node to read TypeScript; imported before anything else. Node 24 does it by itself.
import { register } from 'node:module'

process.setSourceMapsEnabled(true)
register('./hooks.mjs', import.meta.url)
