import DurableFiles
package import HTTPService
import Synchronization

/// The far end of a proof over HTTP: has what is posted on the disk before it says yes, each post in a file of its own.
///
/// It takes a repeat as it takes a first, so that the proof sees every one. The name of a file holds the life of the gateway
/// that sent it, which travels as the token, and the key.
package final class ProofReceiver: Service {
    private let folder: String
    private let count = Atomic<Int>(0)

    /// - Parameter folder: That of the proof; what came lies in `received` in it.
    package init(folder: String) { self.folder = Files.join(folder, "received") }

    package func admit(_ head: ServiceRequestHead) -> Admission {
        guard head.method == "POST", let key = Self.key(head), let life = Self.life(head) else {
            return .answer(ServiceResponse(400))
        }
        return .read(
            AdmittedRequest(client: "gateway", bodyLimit: 8 << 20, answerTimeout: 10_000) { [self] bytes in
                do throws(FileError) { try keep(bytes, key, life) } catch {
                    return ServiceResponse(503)
                }
                return ServiceResponse(201)
            })
    }

    package func fault(_ fault: ServiceFault, head: ServiceRequestHead?) -> ServiceResponse { ServiceResponse(400) }
    package func template(of path: String) -> String { "receiver" }

    private func keep(_ bytes: [UInt8], _ key: String, _ life: Int) throws(FileError) {
        let number = count.add(1, ordering: .relaxed).newValue
        let name = "\(number)~\(life)~\(key)"
        let hidden = Files.join(folder, "." + name)
        try Files.create(hidden, bytes)
        _ = try Files.move(hidden, to: Files.join(folder, name))
    }

    // MARK: What came

    /// The key and the life in the name of a file; `nil` for one that is not whole yet.
    static func parts(of name: String) -> (key: String, life: Int)? {
        let parts = name.split(separator: "~", maxSplits: 2)
        guard !name.hasPrefix("."), parts.count == 3, let life = Int(parts[1]) else { return nil }
        return (String(parts[2]), life)
    }

    private static let tokenStart = "proof-life-"
    static func token(life: Int) -> String { "\(tokenStart)\(life)" }

    private static func life(_ head: ServiceRequestHead) -> Int? {
        let start = "Bearer " + tokenStart
        guard let field = head.header("authorization"), field.hasPrefix(start) else { return nil }
        return Int(field.dropFirst(start.count))
    }

    /// A structured-field string whose content may be the name of a file.
    private static func key(_ head: ServiceRequestHead) -> String? {
        guard let field = head.header("idempotency-key"), field.count > 2, field.first == "\"", field.last == "\""
        else {
            return nil
        }
        let key = field.dropFirst().dropLast()
        return key.utf8.count <= 128 && !key.contains { $0 == "/" || $0 == "\"" } ? String(key) : nil
    }
}
