/** The network of a step: that of the host, none, or a namespace that is there already. */
export type PlannedNetwork =
  | { readonly kind: 'host' }
  | { readonly kind: 'none' }
  | { readonly kind: 'joined'; readonly path: string; readonly resolvConf: Uint8Array };
