/// Writes JSON that people read: two spaces a level, members in the order they are added. For schemas, not for messages.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var depth = 0
    private var isFirst = true

    mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) { nested("{", "}", key, body) }
    mutating func array(_ key: String? = nil, _ body: (inout JSONText) -> Void) { nested("[", "]", key, body) }

    mutating func string(_ key: String? = nil, _ value: String) {
        begin(key)
        quoted(value)
    }

    mutating func strings(_ key: String, _ values: [String]) {
        array(key) { text in for value in values { text.string(nil, value) } }
    }

    mutating func integer(_ key: String, _ value: Int) {
        begin(key)
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func boolean(_ key: String, _ value: Bool) {
        begin(key)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    private mutating func nested(_ open: String, _ close: String, _ key: String?, _ body: (inout JSONText) -> Void) {
        begin(key)
        bytes.append(contentsOf: open.utf8)
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { newLine() }
        bytes.append(contentsOf: close.utf8)
        isFirst = false
    }

    private mutating func begin(_ key: String?) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        if depth > 0 { newLine() }
        guard let key else { return }
        quoted(key)
        bytes.append(contentsOf: ": ".utf8)
    }

    private mutating func newLine() {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func quoted(_ value: String) {
        let text = Array(value.utf8)
        var buffer = ByteBuffer(continuing: &bytes)
        CanonicalJSONWriter.string(text.span, into: &buffer)
        buffer.finish(into: &bytes)
    }
}
