/// What a referral says, as bytes to compare and to make its id from.
extension Referral {
    /// Appends every field and value, one group left out: what makes two referrals the same.
    package func appendContent(leavingOut group: FieldID?, to output: inout [UInt8]) {
        let nodes = nodes.span
        let text = textBytes.span
        let layout = schema.layout
        let keys = schema.keys
        var buffer = ByteBuffer(continuing: &output)
        var index = 1
        while index < nodes.count {
            let node = nodes[index]
            if node.field == group {
                index = Int(node.next)
                continue
            }
            buffer.append(keys.span.extracting(layout[Int(node.field)].name), before: 0x1F)
            buffer.append(text.extracting(Int(node.textStart)..<Int(node.textEnd)), before: 0x1E)
            index += 1
        }
        buffer.finish(into: &output)
    }
}
