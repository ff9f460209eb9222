import Foundation
import Testing

@testable import Referrals

@Suite struct JSONSchemaTests {
    private func object(_ draft: JSONSchema.Draft) throws -> [String: Any] {
        let bytes = JSONSchema.write(.referral, draft: draft)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test("it is JSON with a definition for each type", arguments: JSONSchema.Draft.allCases)
    func wellFormed(draft: JSONSchema.Draft) throws {
        let schema = try object(draft)
        #expect(schema["$schema"] as? String == draft.rawValue)
        let definitions = try #require(schema[draft == .draft07 ? "definitions" : "$defs"] as? [String: Any])
        #expect(definitions["Person"] != nil && definitions["OriginalCode"] != nil && definitions["Work"] != nil)
        #expect((schema["properties"] as? [String: Any])?.count == Schema.referral[0].children.count)
    }

    /// Judges documents by a validator that nobody here wrote: Python's `jsonschema`.
    @Test(
        "an independent validator takes it and judges by it", .enabled(if: Validator.isThere),
        arguments: JSONSchema.Draft.allCases)
    func validator(draft: JSONSchema.Draft) throws {
        let validator = try Validator(JSONSchema.write(.referral, draft: draft, complete: true))
        #expect(try validator.check(Sample.json) == "ok")
        #expect(try validator.check(Sample.json(Sample.referral)) == "ok")
        for (good, bad) in [
            (#""status": "active""#, #""status": "open""#), (#""importance": 8"#, #""importance": 11"#),
            (#""interpreter": false"#, #""interpreter": "no""#), (#""postcode""#, #""postCode""#),
            (#""birthDate": "1968-02-14""#, #""birthDate": "14/02/1968""#), (#""family": "Ashworth","#, ""),
            (#""code": "routine""#, #""code": "rapid""#), (#"+00:00""#, #"""#), (#""none": true"#, #""text": """#),
        ] {
            let changed = Sample.json.replacing(good, with: bad)
            #expect(changed != Sample.json)
            #expect(try validator.check(changed) == "invalid", "\(bad)")
        }
    }

    @Test("what every referral has is all that is required of an incomplete one", .enabled(if: Validator.isThere))
    func incomplete() throws {
        let validator = try Validator(JSONSchema.write(.referral, draft: .draft2020_12))
        let nameless = Sample.with(["person": ["nhsNumber": ["value": "9990000018"]], "reason": nil])
        #expect(try validator.check(Sample.json(nameless)) == "ok")
        #expect(try validator.check(Sample.json(Sample.with(["work": ["goal": "stay"]]))) == "ok")
    }
}

/// Python's `jsonschema`, where it is installed.
private struct Validator {
    static let isThere: Bool = {
        let found = (try? run(["-c", "import jsonschema"], "")) != nil
        if !found {
            print("SKIPPED: python3 with jsonschema is not there; the published schema was judged by nobody else")
        }
        return found
    }()

    private static let script = """
        import json, sys, jsonschema
        schema = json.load(open(sys.argv[1]))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        validator = kind(schema, format_checker=kind.FORMAT_CHECKER)
        print("ok" if validator.is_valid(json.load(sys.stdin)) else "invalid")
        """

    private let path: String

    init(_ schema: [UInt8]) throws {
        path = NSTemporaryDirectory() + "linkway-schema-\(UUID().uuidString).json"
        try Data(schema).write(to: URL(fileURLWithPath: path))
    }

    func check(_ json: String) throws -> String { try Self.run(["-c", Self.script, path], json) }

    private struct Failed: Error { var message: String }

    private static func run(_ arguments: [String], _ input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let (into, out) = (Pipe(), Pipe())
        process.standardInput = into
        process.standardOutput = out
        process.standardError = Pipe()
        try process.run()
        try into.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try into.fileHandleForWriting.close()
        let output = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(message: "python3 ended with \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
