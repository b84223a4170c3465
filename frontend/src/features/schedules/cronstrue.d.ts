// The library's languages come without types: each adds itself to it.
declare module 'cronstrue/locales/zh_CN.js'
