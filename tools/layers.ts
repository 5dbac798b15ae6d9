/** The packages, lowest first: each may depend on those before it and on nothing else of ours. The one place that says so. */
export const PACKAGE_ORDER = ["numerics", "losses", "data", "models", "train"] as const;

/** Programs on top: they may use every package, through public entry points only. */
export const APPS = ["examples"] as const;

export const SCOPE = "@tenon/";
