import Reporting
import SourceDocuments

/// What the `.ctl` file of a MESH message says (`DTSControl`; MESH client interface specification).
///
/// Of whom, to whom and about what are never read: the address of a practice can hold a person's NHS number and name.
struct MeshControl: Equatable {
    /// An acknowledgement or error of MESH about a message that was sent, not a message.
    var isReport = false
    var workflow = ""
    /// What the sender calls the message: the delivery's key where the sender is this gateway.
    var localID = ""
    /// What MESH calls the message; often empty.
    var messageID = ""
    var isEncrypted = false
    /// Of a report: whether the message was handed over.
    var isDelivered = false
    /// Of a report: `00`, `14`, `EPL-152` …
    var statusCode = ""

    /// A control file has about a thousand bytes.
    static let largest = 1 << 16

    /// Reads control files, one after another.
    struct Reader {
        private let reader: DocumentReader
        private var document = SourceDocument()

        init() {
            var limits = Limits.standard
            limits.bytes = MeshControl.largest
            limits.depth = 8
            reader = DocumentReader(limits: limits)
        }

        /// - Returns: `nil` when it is no whole `DTSControl`.
        mutating func read(_ bytes: [UInt8]) -> MeshControl? {
            // What is wrong in it may be about a person; whoever sent it has to look.
            var unsaid: [Finding] = []
            guard reader.read(bytes, as: .xml, into: &document, reporting: &unsaid), let root = document.root,
                name(root) == "DTSControl"
            else { return nil }
            var control = MeshControl()
            forEachChild(of: root) { node, reader in
                if reader.name(node) == "StatusRecord" {
                    reader.forEachChild(of: node) { control.note($1.name($0), $1.text($0)) }
                } else {
                    control.note(reader.name(node), reader.text(node))
                }
            }
            return control
        }

        private func name(_ node: NodeID) -> String { document.symbols.name(document.nodes[Int(node)].name) }

        private mutating func text(_ node: NodeID) -> String {
            let bytes = document.bytes(document.stringValue(node))
            guard let first = bytes.firstIndex(where: { $0 > 0x20 }), let last = bytes.lastIndex(where: { $0 > 0x20 })
            else { return "" }
            return String(decoding: bytes[first...last], as: UTF8.self)
        }

        private mutating func forEachChild(of parent: NodeID, _ body: (NodeID, inout Reader) -> Void) {
            let end = document.nodes[Int(parent)].next
            var node = parent + 1
            while node < end {
                let next = document.nodes[Int(node)].next
                if document.nodes[Int(node)].kind == .element { body(node, &self) }
                node = next
            }
        }
    }

    private mutating func note(_ name: String, _ text: String) {
        switch name {
        case "MessageType": isReport = text == "Report"
        case "WorkflowId": workflow = text
        case "LocalId": localID = text
        case "DTSId": messageID = text
        case "Encrypted": isEncrypted = text == "Y"
        case "Status": isDelivered = text == "SUCCESS"
        case "StatusCode": statusCode = text
        default: break
        }
    }
}
