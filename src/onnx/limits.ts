// Every cap on a model file, in one place (SRV-10), and the versions that the pinned runtime reads.

export const LIMITS = Object.freeze({
  /** Bytes of the file. */
  bytes: 32 * 1024 * 1024,
  nodes: 2_000,
  initializers: 4_000,
  /** Messages inside messages. */
  depth: 16,
  /** Bytes of a name or any other string. */
  stringBytes: 256,
  /** Bytes of a metadata value: a feature mask or a provenance record is longer than a name, and no runtime interprets it. */
  metadataValueBytes: 4_096,
  metadataEntries: 64,
  /** Messages and strings in the whole file, and repeated numbers: each becomes an object when read, however few bytes it takes. */
  items: 1_000_000,
  numbers: 8_000_000,
  /** Inputs plus outputs. */
  values: 64,
  /** Elements of one tensor. */
  elements: 8_000_000,
  /** Dimensions of one tensor. */
  rank: 8,
  treeDepth: 64,
  /** Values per leaf. */
  treeOutputs: 4_096,
  /** Bytes in fields that the format does not know, in total. */
  unknownBytes: 1_024,
})

/** What onnxruntime-node 1.30 reads; tested against it. */
export const VERSIONS = Object.freeze({
  ir: { first: 3, last: 13 },
  opset: { first: 7, last: 26 },
  mlOpset: { first: 1, last: 5 },
})
