// The parts of an ONNX file that a second reader takes from the bytes by field numbers alone (onnx.proto3), last one wins, lists join:
// what the product accepts must be this graph and no other.

type Field = { readonly number: number; readonly type: number; readonly value: bigint; readonly body: Buffer }

/** The fields of a message in the order of the bytes. */
function fieldsOf(bytes: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined || shift > 63n) throw new Error('a number without an end')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return BigInt.asUintN(64, value)
    }
  }
  while (at < bytes.length) {
    const tag = varint()
    const [number, type] = [Number(tag >> 3n), Number(tag & 7n)]
    const value = type === 0 ? varint() : 0n
    const length = type === 2 ? Number(varint()) : type === 5 ? 4 : type === 1 ? 8 : 0
    if (at + length > bytes.length) throw new Error('a field without an end')
    fields.push({ number, type, value, body: bytes.subarray(at, at + length) })
    at += length
  }
  return fields
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

class Message {
  readonly #fields: readonly Field[]

  constructor(bytes: Buffer) {
    this.#fields = fieldsOf(bytes)
  }

  all(number: number): readonly Field[] {
    return this.#fields.filter(field => field.number === number)
  }

  texts(number: number): string[] {
    return this.all(number).map(({ body }) => strict.decode(body))
  }

  text(number: number): string {
    return this.texts(number).at(-1) ?? ''
  }

  number(number: number): bigint {
    return BigInt.asIntN(64, this.all(number).at(-1)?.value ?? 0n)
  }

  /** Packed or one by one. */
  numbers(number: number): bigint[] {
    return this.all(number).flatMap(({ type, value, body }) => {
      if (type === 0) return [BigInt.asIntN(64, value)]
      return fieldsOf(Buffer.concat([...chunked(body)])).map(field => BigInt.asIntN(64, field.value))
    })
  }

  floats(number: number): number[] {
    return this.all(number).flatMap(({ body }) =>
      Array.from({ length: body.length / 4 }, (_, i) => body.readFloatLE(4 * i)),
    )
  }

  messages(number: number): Message[] {
    return this.all(number).map(({ body }) => new Message(body))
  }
}

/** Numbers of a packed list, each with a tag before it, so that one routine reads both. */
function* chunked(body: Buffer): Generator<Buffer> {
  for (let from = 0; from < body.length; ) {
    let to = from
    while (body[to]! >= 128) to++
    yield Buffer.concat([Buffer.of(8), body.subarray(from, to + 1)])
    from = to + 1
  }
}

const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

function tensorOf(tensor: Message): unknown {
  const raw = Buffer.concat(tensor.all(9).map(({ body }) => body))
  const type = Number(tensor.number(2))
  const floats =
    type === 1
      ? raw.length > 0
        ? Array.from({ length: raw.length / 4 }, (_, i) => raw.readFloatLE(4 * i))
        : tensor.floats(4)
      : null
  return { name: tensor.text(8), dims: tensor.numbers(1).map(String), floats }
}

/** The graph as plain data. */
export function secondGraph(bytes: Uint8Array): unknown {
  const model = new Message(Buffer.from(bytes))
  const graph = new Message(Buffer.concat(model.all(7).map(({ body }) => body)))
  const names = (number: number) => graph.messages(number).map(value => value.text(1))
  return {
    ir: String(model.number(1)),
    nodes: graph.messages(1).map(node => ({
      name: node.text(3),
      op: node.text(4),
      domain: domainOf(node.text(7)),
      inputs: node.texts(1),
      outputs: node.texts(2),
      attributes: node
        .messages(5)
        .map(attribute => attribute.text(1))
        .sort(),
    })),
    inputs: names(11),
    outputs: names(12),
    initializers: graph.messages(5).map(tensorOf),
  }
}
