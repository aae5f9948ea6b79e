/** Types of the two libraries of this room that bring none; only what is used here. */
declare module 'geojson-validation' {
  const validation: {
    /** Every fault of a GeoJSON object, or none. Throws on a few malformed rings. */
    valid(value: unknown, trace: true): readonly string[];
  };
  export default validation;
}

declare module 'yauzl' {
  import type { Readable } from 'node:stream';

  export type Entry = {
    readonly fileName: string;
    readonly compressedSize: number;
    readonly uncompressedSize: number;
    isEncrypted(): boolean;
  };
  export type ZipFile = {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    /** Fails when the entry inflates to another size than it declares. */
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    close(): void;
  };
  const yauzl: {
    openPromise(
      path: string,
      options: { readonly lazyEntries: true; readonly autoClose: boolean; readonly strictFileNames?: boolean },
    ): Promise<ZipFile>;
  };
  export default yauzl;
}
