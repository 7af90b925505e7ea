import { imageReference, type ImageName, type ImagesLock } from "./images-lock.ts";
import type { RegistryAccess } from "../kubernetes/runtime-container.ts";
import type { Registry } from "./registry.ts";

/** A registry of a cloud, where nodes and pods log in with identities of their own. Creates nothing. */
export class IdentityRegistry implements Registry {
  private readonly url: string;
  private readonly images: ImagesLock;

  /** @param url - base URL, with a path if all repositories have a prefix */
  constructor(url: string, images: ImagesLock) {
    this.url = url;
    this.images = images;
  }

  image(name: ImageName): string {
    const { host, pathname } = new URL(this.url);
    return imageReference(this.images, `${host}${pathname.replace(/\/$/, "")}`, name);
  }

  /** Returns no credentials. */
  accessFrom(): RegistryAccess {
    return { url: this.url };
  }
}
