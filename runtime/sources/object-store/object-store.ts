import type { Answer, RequestOwner } from "../send-request.ts";

/** An object as the listing of its store shows it. */
export interface ListedObject {
  key: string;
  /** Bytes. */
  size: number;
  /** What the store calls this state of the object, such as its ETag. */
  version: string;
}

export interface ListedPage {
  objects: ListedObject[];
  /** What asks for the next page. @default - this is the last page */
  next?: string | undefined;
}

/** The part of a store of objects that a source needs. */
export interface ObjectStore {
  /** Such as `s3://prices`, for messages. */
  readonly name: string;
  /**
   * Returns a page of the objects whose keys begin with `prefix`, in any order. Throws BadInput for a fault that only a person can mend,
   * and Unavailable for one that may pass.
   */
  list(prefix: string, page: string | undefined, owner: RequestOwner): Promise<ListedPage>;
  /** Opens an object in the state of the listing; undefined if it is another by now, or gone. Throws as `list` does. */
  open(object: ListedObject, owner: RequestOwner): Promise<Answer | undefined>;
}
