/// A code table as a FHIR R4 ConceptMap and back.
package enum ConceptMap {}

extension ConceptMap {
    /// A table as a ConceptMap in JSON, one element a line, so that it can be compared in Git.
    ///
    /// Rows of one `key` and `system` are a group. A table does not say how near two codes are, so the equivalence is
    /// `relatedto`, which claims no more than that; a row with an empty `to` is `unmatched`. Notes are comments.
    package static func json(of table: CodeTable, title: String) -> [UInt8] {
        var writer = ConceptMapWriter()
        writer.write("{\n  \"resourceType\": \"ConceptMap\",\n  \"title\": ")
        writer.writeString(Array(title.utf8)[...])
        writer.write(",\n  \"status\": \"active\"")
        let groups = groups(of: table)
        if !groups.isEmpty { writer.write(",\n  \"group\": [\n") }
        for (index, group) in groups.enumerated() {
            writer.writeGroup(group, of: table)
            writer.write(index + 1 < groups.count ? ",\n" : "\n  ]")
        }
        writer.write("\n}\n")
        return writer.bytes
    }

    /// The rows by key and system, in the order in which these first stand in the table.
    private static func groups(of table: CodeTable) -> [[Int]] {
        var places: [[ArraySlice<UInt8>]: Int] = [:]
        var groups: [[Int]] = []
        for row in 0..<table.count {
            let ends = [table.bytes[table.key(row)], table.bytes[table.system(row)]]
            if let place = places[ends] {
                groups[place].append(row)
            } else {
                places[ends] = groups.count
                groups.append([row])
            }
        }
        return groups
    }
}

/// Writes JSON; FHIR allows no empty string, so that an empty value is no member.
private struct ConceptMapWriter {
    var bytes: [UInt8] = []

    mutating func write(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    mutating func writeGroup(_ rows: [Int], of table: CodeTable) {
        guard let first = rows.first else { return }
        write("    { ")
        writeMember("source", table.bytes[table.key(first)])
        writeMember("target", table.bytes[table.system(first)])
        write("\"element\": [\n")
        for row in rows {
            writeElement(row, of: table)
            write(row == rows.last ? "\n" : ",\n")
        }
        write("    ] }")
    }

    private mutating func writeElement(_ row: Int, of table: CodeTable) {
        write("      { ")
        writeMember("code", table.bytes[table.from(row)])
        write("\"target\": [ { ")
        writeMember("code", table.bytes[table.to(row)])
        writeMember("display", table.bytes[table.display(row)])
        writeMember("comment", table.bytes[table[row, .note]])
        write(table.to(row).isEmpty ? "\"equivalence\": \"unmatched\" } ] }" : "\"equivalence\": \"relatedto\" } ] }")
    }

    private mutating func writeMember(_ name: StaticString, _ value: ArraySlice<UInt8>) {
        guard !value.isEmpty else { return }
        write("\"")
        write(name)
        write("\": ")
        writeString(value)
        write(", ")
    }

    mutating func writeString(_ text: ArraySlice<UInt8>) {
        write("\"")
        for byte in text {
            switch byte {
            case 0x22: write("\\\"")
            case 0x5C: write("\\\\")
            case 0x0A: write("\\n")
            case 0x0D: write("\\r")
            case 0x09: write("\\t")
            case 0..<0x20:
                write("\\u00")
                bytes.append(byte >> 4 + 0x30)
                bytes.append(byte & 0x0F < 10 ? byte & 0x0F + 0x30 : byte & 0x0F + 0x57)
            default: bytes.append(byte)
            }
        }
        write("\"")
    }
}
