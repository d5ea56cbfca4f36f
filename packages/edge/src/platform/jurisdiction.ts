/** Jurisdiction of a deployment's objects: `eu` keeps them, and what they hold, within the European Union. */
export interface Placed {
  JURISDICTION?: string;
}

/**
 * Returns the part of a namespace in which this deployment's objects are. An object's id has its jurisdiction in it, for
 * good: the same name in another jurisdiction is another object
 * (https://developers.cloudflare.com/durable-objects/reference/data-location/).
 */
export function placed<T extends Rpc.DurableObjectBranded | undefined>(
  namespace: DurableObjectNamespace<T>,
  { JURISDICTION }: Placed,
): DurableObjectNamespace<T> {
  return JURISDICTION ? namespace.jurisdiction(JURISDICTION as DurableObjectJurisdiction) : namespace;
}
