package import Referrals

/// What a referral is known by.
extension Referral {
    /// The referral's id; empty only before it was given one.
    package var id: String {
        guard let field = schema.field("id"), let node = first(field.id) else { return "" }
        return text(node)
    }

    /// Whether two referrals say the same, apart from where they were read.
    package func saysTheSame(as other: Referral) -> Bool {
        let source = schema.field(MappingCompiler.sourceField)?.id
        var own: [UInt8] = []
        var others: [UInt8] = []
        appendContent(leavingOut: source, to: &own)
        other.appendContent(leavingOut: source, to: &others)
        return own == others
    }

    /// Appends every field and value, one group left out: what makes two referrals the same.
    func appendContent(leavingOut group: FieldID?, to output: inout [UInt8]) {
        let nodes = nodes.span
        let text = textBytes.span
        var index = 1
        while index < nodes.count {
            let node = nodes[index]
            if node.field == group {
                index = Int(node.next)
                continue
            }
            schema.appendName(of: node.field, to: &output)
            output.append(0x1F)
            if node.textEnd > node.textStart {
                text.extracting(Int(node.textStart)..<Int(node.textEnd)).withUnsafeBufferPointer {
                    output.append(contentsOf: $0)
                }
            }
            output.append(0x1E)
            index += 1
        }
    }
}
