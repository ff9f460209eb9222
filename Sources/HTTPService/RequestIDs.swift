/// The two ids that every answer carries: those of the sender where it gave sound ones, otherwise our own.
struct RequestIDs: Sendable {
    /// `X-Request-Id`: names the request, and is what a repeat is known by.
    var request: String
    /// `X-Correlation-Id`: names the case across requests.
    var correlation: String
    /// What the sender itself gave.
    var givenRequest: String?
    var givenCorrelation: String?
    /// Whether the sender gave one that is not plain: longer than 128 bytes, or with a character that could forge a
    /// log.
    var isUnsound: Bool

    init(_ head: ServiceRequestHead?) {
        let request = head?.header("x-request-id")
        let correlation = head?.header("x-correlation-id")
        givenRequest = request.flatMap { Self.isPlain($0) ? $0 : nil }
        givenCorrelation = correlation.flatMap { Self.isPlain($0) ? $0 : nil }
        isUnsound = (request != nil && givenRequest == nil) || (correlation != nil && givenCorrelation == nil)
        self.request = givenRequest ?? Self.fresh()
        self.correlation = givenCorrelation ?? self.request
    }

    /// Whether both are there and are UUIDs, as BaRS requires.
    var areBARS: Bool {
        givenRequest.map(Self.isUUID) == true && givenCorrelation.map(Self.isUUID) == true
    }

    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...128).contains(bytes.count)
            && bytes.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x3A: true
                default: false
                }
            }
    }

    private static func isUUID(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return false }
        return bytes.indices.allSatisfy { index in
            switch index {
            case 8, 13, 18, 23: bytes[index] == 0x2D
            default: (0x30...0x39).contains(bytes[index]) || (0x61...0x66).contains(bytes[index] | 0x20)
            }
        }
    }

    /// A random UUID (RFC 9562, version 4).
    private static func fresh() -> String {
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<32 {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(0x2D) }
            let word = index < 16 ? high : low
            let digit = UInt8(word >> UInt64((15 - index % 16) * 4) & 15)
            text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
