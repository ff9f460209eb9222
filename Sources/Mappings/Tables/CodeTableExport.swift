extension CodeTable {
    /// The table as CSV (RFC 4180), its columns in the order of ``Column``, those without any value left out.
    package func csv() -> [UInt8] {
        let columns = Column.allCases.filter { column in
            column == .from || column == .to || (0..<count).contains { !self[$0, column].isEmpty }
        }
        var output: [UInt8] = []
        output += columns.map(\.rawValue).joined(separator: ",").utf8
        output.append(0x0A)
        for row in 0..<count {
            for (index, column) in columns.enumerated() {
                if index > 0 { output.append(0x2C) }
                Self.write(bytes[self[row, column]], into: &output)
            }
            output.append(0x0A)
        }
        return output
    }

    private static func write(_ value: ArraySlice<UInt8>, into output: inout [UInt8]) {
        let needsQuotes = value.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes else {
            output += value
            return
        }
        output.append(0x22)
        for byte in value {
            if byte == 0x22 { output.append(0x22) }
            output.append(byte)
        }
        output.append(0x22)
    }
}
