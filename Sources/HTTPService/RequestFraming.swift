#if HTTP
    internal import NIOHTTP1

    /// Checks of a request's head that the parser leaves open: all that two readers in a row could read in two ways.
    enum RequestFraming {
        /// What is wrong with a head; `nil` when it is sound.
        static func fault(_ head: HTTPRequestHead, _ limits: ServiceLimits) -> ServiceFault? {
            guard head.version == .http1_1 else { return .versionUnsupported }
            guard head.uri.utf8.count <= limits.targetBytes else { return .targetTooLong }
            guard isSound(target: head.uri), head.headers["host"].count == 1, isFramedOnce(head) else {
                return .malformed
            }
            let expectations = head.headers["expect"]
            guard expectations.isEmpty || expectations.map({ $0.lowercased() }) == ["100-continue"] else {
                return .expectationFailed
            }
            return nil
        }

        /// The bytes of body announced; `nil` when it comes in chunks.
        static func length(_ head: HTTPRequestHead) -> Int? {
            if head.headers.contains(name: "transfer-encoding") { return nil }
            return head.headers.first(name: "content-length").map { Int($0) ?? .max } ?? 0
        }

        /// Only a path, in visible ASCII: no other host's address (absolute form), no fragment.
        private static func isSound(target: String) -> Bool {
            target.utf8.first == UInt8(ascii: "/")
                && target.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        }

        private static func isFramedOnce(_ head: HTTPRequestHead) -> Bool {
            let lengths = head.headers["content-length"]
            let codings = head.headers["transfer-encoding"]
            guard lengths.count + codings.count <= 1 else { return false }
            if let coding = codings.first { return coding.lowercased() == "chunked" }
            return lengths.first.map { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } && $0.utf8.count <= 18 }
                ?? true
        }
    }

    extension ServiceRequestHead {
        init(_ head: HTTPRequestHead, _ peer: String, _ names: [String]) {
            self.init(
                method: head.method.rawValue, target: head.uri,
                headers: head.headers.map { (name: $0.name.lowercased(), value: $0.value) }, peer: peer,
                peerCertificateNames: names)
        }
    }
#endif
