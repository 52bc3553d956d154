/// <reference types="@tarojs/taro" />

declare module '*.png' {
  const url: string
  export default url
}
declare module '*.scss'
declare module '*.css'

/** Origin of the API, set at build time (config/index.ts); '' means the page's own origin. */
declare const API_BASE: string
