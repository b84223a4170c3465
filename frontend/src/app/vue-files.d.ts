// Tells tools that don't read single-file components what importing one gives.
declare module '*.vue' {
  import type { Component } from 'vue'

  const component: Component
  export default component
}
