/// The names of files, which on Linux are bytes of any kind, kept in a `String`.
///
/// A byte that is no part of UTF-8 stands in the text as a scalar of its own, U+10FF80 to U+10FFFF, the end of the last
/// private plane; of a name that truly has such a scalar each byte is written so. So every name has one text and every
/// text one name. Texts of names are compared by their bytes only: to `==` of `String` the two ways of writing `é` are one.
package enum FileName {
    private static let firstEscape: UInt32 = 0x10FF80

    /// The text for a name, or for a path.
    package static func text(_ bytes: [UInt8]) -> String {
        if !bytes.contains(0xF4), let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput: return text
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                let count = UTF8.width(scalar)
                if scalar.value >= firstEscape {
                    escape(bytes[position..<position + count], into: &text)
                } else {
                    text.unicodeScalars.append(scalar)
                }
                position += count
            case .error(let count):
                escape(bytes[position..<position + count], into: &text)
                position += count
            }
        }
    }

    private static func escape(_ bytes: ArraySlice<UInt8>, into text: inout String) {
        for byte in bytes {
            if let scalar = Unicode.Scalar(firstEscape - 0x80 + UInt32(byte)) { text.unicodeScalars.append(scalar) }
        }
    }

    /// The bytes that a text of ``text(_:)`` stands for.
    package static func bytes(_ text: String) -> [UInt8] {
        guard text.utf8.contains(0xF4) else { return Array(text.utf8) }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if scalar.value >= firstEscape {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.EncodedScalar())
            }
        }
        return bytes
    }

    /// The text as people may see it: a byte that is no part of UTF-8 as `\xE9`.
    package static func shown(_ text: String) -> String {
        guard text.utf8.contains(0xF4) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar.value >= firstEscape {
                let hex = String(UInt8(truncatingIfNeeded: scalar.value), radix: 16, uppercase: true)
                shown += "\\x" + hex
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    /// Calls with the path as the kernel wants it; refuses one with a NUL in it, which the kernel would see cut off.
    package static func withPath<Result>(
        _ path: String, _ action: String, _ body: (UnsafePointer<CChar>) -> Result
    ) throws(FileError) -> Result {
        guard !path.utf8.contains(0) else { throw FileError(action, path, code: 22, reason: "a name holds no NUL") }
        if !path.utf8.contains(0xF4) { return path.withCString(body) }
        let bytes = bytes(path).map { CChar(bitPattern: $0) } + [0]
        return bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a path has at least its end") }
            return body(base)
        }
    }
}
