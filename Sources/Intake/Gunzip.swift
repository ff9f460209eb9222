import CZlib
import Reporting

/// Unpacks gzip (RFC 1952) within limits.
enum Gunzip {
    enum Result: Equatable {
        case notPacked
        case unpacked([UInt8])
        case failed(FindingCode)
    }

    /// How many times its packed size a document may have.
    static let ratio = 100

    /// Unpacks what begins as gzip does; several members in a row are one document.
    /// - Parameter limit: Bytes of the document.
    static func unpack(_ packed: [UInt8], limit: Int) -> Result {
        guard packed.starts(with: [0x1F, 0x8B]) else { return .notPacked }
        var stream = z_stream()
        guard linkway_gunzip_begin(&stream) == Z_OK else { return .failed("mesh-packed-badly") }
        defer { inflateEnd(&stream) }
        var input = packed
        return input.withUnsafeMutableBufferPointer { buffer in
            stream.next_in = buffer.baseAddress
            stream.avail_in = UInt32(clamping: buffer.count)
            return unpack(&stream, limit: min(limit, max(buffer.count * ratio, 1 << 16)))
        }
    }

    private static func unpack(_ stream: inout z_stream, limit: Int) -> Result {
        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let status = part.withUnsafeMutableBufferPointer { buffer in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(clamping: buffer.count)
                return inflate(&stream, Z_NO_FLUSH)
            }
            output.append(contentsOf: part[..<(part.count - Int(stream.avail_out))])
            if output.count > limit { return .failed("mesh-packed-too-tightly") }
            if status == Z_STREAM_END {
                if stream.avail_in == 0 { return .unpacked(output) }
                guard inflateReset(&stream) == Z_OK else { return .failed("mesh-packed-badly") }
            } else if status != Z_OK {
                return .failed("mesh-packed-badly")
            }
        }
    }
}
