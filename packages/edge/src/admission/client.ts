/** The client behind a request, as seen by the Worker. */
export interface Client {
  /** The page's origin; null if the request named none. */
  origin: string | null;
  /** Carries a token good for this site: a server-side integrator. */
  trusted: boolean;
  /** A robot by its browser's name, or a browser that gave none. */
  robot: boolean;
  /** A keyed hash of the visitor's address; null if there is none. */
  address: string | null;
  /** The same of the /48 that it is in, for IPv6. */
  block?: string | null;
  device: string | null;
  country: string | null;
  /** The edge as the browser addressed it. */
  host: string;
  /** The site's visitor cookies that came along; none if the browser sends Global Privacy Control. */
  cookies: readonly string[];
  /** Requests for this site that the Worker has rejected since its last report. */
  refused?: number;
}

/** A client's address as the pool counts it. */
export interface Counted extends Pick<Client, 'address' | 'block'> {
  /** In a spread site: how many more numbers the shard that counts this address allows. Left out, this one counts it. */
  granted?: number;
}

/** The client behind a lease or an event. */
export type CountedClient = Pick<Client, 'robot' | 'device' | 'country'> & Counted;
