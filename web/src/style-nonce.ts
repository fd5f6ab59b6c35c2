/**
 * The number that the server gave this page for the styles it makes: others are refused by its policy. Absent while
 * developing, where there is no policy.
 */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content

// The part of dialogs that locks scrolling takes it from here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce })
