/// What a referral says, as bytes to compare and to make its id from.
extension Referral {
    /// Appends every field and value, one group left out: what makes two referrals the same.
    package func appendContent(leavingOut group: FieldID?, to output: inout [UInt8]) {
        let nodes = nodes.span
        let text = textBytes.span
        let layout = schema.layout
        let keys = schema.keys
        var index = 1
        while index < nodes.count {
            let node = nodes[index]
            if node.field == group {
                index = Int(node.next)
                continue
            }
            let name = layout[Int(node.field)].name
            keys.span.extracting(name).withUnsafeBufferPointer { output.append(contentsOf: $0) }
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
