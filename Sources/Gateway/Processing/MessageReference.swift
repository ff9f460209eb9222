import Custody
import Digests

/// Our public names for messages: UUIDs that sort by time (version 7 of RFC 9562, 5.7), so that a page of them tells a
/// story and none says anything about a person.
enum MessageReference {
    static func make(at now: Instant, _ randomness: any Randomness) -> String {
        var bytes: [UInt8] = []
        for shift in stride(from: 40, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: now.milliseconds >> Int64(shift)))
        }
        for word in [randomness.next(), randomness.next()] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        bytes[6] = bytes[6] & 0x0F | 0x70
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Array(bytes.prefix(16).hex)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(hex[$0]) }.joined(separator: "-")
    }
}
