/// Names of files as text. Linux lets a name be any bytes; those that are no UTF-8 become scalars of a private plane, and
/// come back as the same bytes whenever a file is asked for by that text.
package enum FileName {
    /// Scalars U+10FF00 … U+10FFFF stand for single bytes.
    private static let base: UInt32 = 0x10FF00

    /// The text of a name.
    package static func text(of name: some Collection<UInt8>) -> String {
        if let text = String(validating: name, as: UTF8.self), !hasStandIns(text) { return text }
        var scalars = String.UnicodeScalarView()
        var rest = Array(name)[...]
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            if let scalar = scalar(rest.prefix(length)), scalar.value < base {
                scalars.append(scalar)
                rest = rest.dropFirst(length)
            } else {
                Unicode.Scalar(base + UInt32(byte)).map { scalars.append($0) }
                rest = rest.dropFirst()
            }
        }
        return String(scalars)
    }

    private static func scalar(_ bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let text = String(validating: bytes, as: UTF8.self), text.unicodeScalars.count == 1 else { return nil }
        return text.unicodeScalars.first
    }

    /// Whether a name was no UTF-8.
    package static func hasStandIns(_ text: String) -> Bool {
        text.utf8.contains(0xF4) && text.unicodeScalars.contains { $0.value >= base }
    }

    /// Hands out the bytes of a path as the system wants them.
    package static func withPath<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        guard hasStandIns(path) else { return path.withCString(body) }
        var bytes: [CChar] = []
        for scalar in path.unicodeScalars {
            if scalar.value >= base {
                bytes.append(CChar(truncatingIfNeeded: scalar.value - base))
            } else {
                bytes += UTF8.encode(scalar).map { $0.map { CChar(bitPattern: $0) } } ?? []
            }
        }
        return (bytes + [0]).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map(body) ?? path.withCString(body)
        }
    }
}
