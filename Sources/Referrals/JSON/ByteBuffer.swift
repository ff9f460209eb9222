internal import SourceDocuments

/// Bytes written piece by piece, many and short: behind what is written lies room, so that a piece costs one look at the
/// buffer, whatever stands around it.
struct ByteBuffer {
    /// Longer than what is written; zeros follow.
    private var storage: [UInt8] = []
    private var count = 0

    /// Goes on behind the bytes of an array, which is empty until ``finish(into:)``.
    init(continuing bytes: inout [UInt8]) {
        swap(&storage, &bytes)
        count = storage.count
    }

    /// Gives back the array with what was written.
    mutating func finish(into bytes: inout [UInt8]) {
        storage.removeLast(storage.count - count)
        swap(&storage, &bytes)
        count = 0
    }

    mutating func append(_ byte: UInt8) {
        if count == storage.count { grow(by: 1) }
        storage[count] = byte
        count &+= 1
    }

    mutating func append(_ byte: UInt8, times: Int) { for _ in 0..<times { append(byte) } }
    mutating func append(_ text: String) { for byte in text.utf8 { append(byte) } }

    /// Appends a piece with a byte before and a byte behind it; 0 stands for none.
    mutating func append(_ text: Span<UInt8>, after head: UInt8 = 0, before tail: UInt8 = 0) {
        if count &+ text.count &+ 2 > storage.count { grow(by: text.count &+ 2) }
        count = Self.put(text, after: head, before: tail, at: count, of: &storage)
    }

    /// - Returns: Where what was put ends.
    @inline(__always)
    private static func put(
        _ text: Span<UInt8>, after head: UInt8, before tail: UInt8, at start: Int, of storage: inout [UInt8]
    ) -> Int {
        var room = storage.mutableSpan
        room[start] = head
        let place = head == 0 ? start : start &+ 1
        let end = place &+ text.count
        if tail != 0 { room[end] = tail }
        var target = room.mutableBytes
        copy(text, to: &target, at: place)
        return tail == 0 ? end : end &+ 1
    }

    private mutating func grow(by size: Int) {
        storage.append(contentsOf: repeatElement(0, count: max(size, storage.count, 2048)))
    }

    /// Copies eight bytes at a time, the last of them over some of those before. Every load and store is checked.
    @inline(__always)
    private static func copy(_ text: Span<UInt8>, to target: inout MutableRawSpan, at place: Int) {
        let size = text.count
        if size >= 8 {
            var index = 0
            while index &+ 8 < size {
                target.storeBytes(of: text.load(at: index), toByteOffset: place &+ index, as: UInt64.self)
                index &+= 8
            }
            target.storeBytes(of: text.load(at: size &- 8), toByteOffset: place &+ size &- 8, as: UInt64.self)
        } else if size >= 4 {
            target.storeBytes(of: text.load(at: 0), toByteOffset: place, as: UInt32.self)
            target.storeBytes(of: text.load(at: size &- 4), toByteOffset: place &+ size &- 4, as: UInt32.self)
        } else {
            for index in 0..<size {
                target.storeBytes(of: text[index], toByteOffset: place &+ index, as: UInt8.self)
            }
        }
    }
}

extension Span where Element == UInt8 {
    /// The bytes of an integer from `index` on, as they lie in memory. Checked against the end; any bytes make an integer.
    @inline(__always)
    fileprivate func load<Value: FixedWidthInteger & BitwiseCopyable>(at index: Int) -> Value {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: Value.self)
    }
}
