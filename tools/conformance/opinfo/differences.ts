/** Cases whose recorded value is not the one we want, with the value that is right and why. Every one is printed. */
export const DIFFERENCES: readonly { readonly cases: RegExp; readonly reason: string }[] = [];
