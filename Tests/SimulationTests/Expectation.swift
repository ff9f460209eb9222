import Custody

/// What must become of each letter, by the order in which letters came into custody: the rules of the house told a second
/// time, over letters instead of tables.
struct Expectation: Sendable {
    enum End: Sendable, Hashable { case accepted, duplicate, held(String), refused }

    /// By the SHA-256 of the bytes.
    private(set) var ends: [Key: End] = [:]
    private var messageIDs: [String: Key] = [:]
    private var said: [Int: Key] = [:]
    private var references: Set<String> = []

    /// A letter has come into custody: for the first time, or again.
    mutating func commit(_ letter: Letter, _ content: Key, isRead: Bool) {
        if ends[content] == .accepted || ends[content] == .duplicate { return }
        // A document that two lives ended over is refused without being read.
        guard isRead else { return ends[content] = .refused }
        let end = judge(letter, content)
        ends[content] = end
        if letter.flaw == nil, let id = letter.messageID, messageIDs[id] == nil { messageIDs[id] = content }
        guard end == .accepted else { return }
        references.insert(letter.reference)
        if letter.kind == .new { said[letter.number] = content }
    }

    private func judge(_ letter: Letter, _ content: Key) -> End {
        if letter.flaw != nil { return .refused }
        guard letter.kind == .new else {
            return references.contains(letter.reference) ? .accepted : .held("referral-unknown")
        }
        // The same facts in other bytes are the same referral, whatever the message is called.
        if let first = said[letter.number], first != content { return .duplicate }
        let rival = letter.messageID.flatMap { messageIDs[$0] }
        return rival.map { $0 != content } ?? false ? .held("id-reused") : .accepted
    }
}
