import Foundation
import Reporting
import Testing

@testable import Referrals

/// A complete referral of an invented person, and the same with parts changed.
enum Sample {
    static let today: CalendarDay = {
        guard let day = CalendarDay("2026-03-10") else { preconditionFailure("the tenth of March exists") }
        return day
    }()

    static let json = #"""
        {
          "schema": "referral/1",
          "id": "2f1c3e0a-8f5b-4d6e-9a3c-5b7d9e1f2a4c",
          "status": "active",
          "kind": "new",
          "urgency": {
            "code": "routine",
            "original": {
              "code": "2"
            }
          },
          "referredAt": "2026-03-02T09:14:00+00:00",
          "source": {
            "format": "riverside-xml",
            "mapping": "riverside-xml@1",
            "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
          },
          "person": {
            "nhsNumber": {
              "value": "9990000018",
              "status": "verified"
            },
            "name": {
              "family": "Ashworth",
              "given": [
                "Aisha",
                "Noor"
              ]
            },
            "birthDate": "1968-02-14",
            "gender": {
              "code": "female"
            },
            "interpreter": false,
            "addresses": [
              {
                "use": "home",
                "lines": [
                  "1 Mill Lane"
                ],
                "postcode": "LS1 4AP"
              }
            ]
          },
          "gpPractice": {
            "odsCode": "A81001",
            "name": "Riverside Medical Practice"
          },
          "referrer": {
            "name": "Dr P. Hale",
            "odsCode": "A81001",
            "organisation": "Riverside Medical Practice",
            "contact": [
              {
                "system": "phone",
                "value": "0113 496 0000"
              }
            ]
          },
          "referredTo": [
            {
              "odsCode": "RR8",
              "name": "Link workers"
            }
          ],
          "reason": {
            "text": "Feels cut off since retiring",
            "codes": [
              {
                "system": "http://snomed.info/sct",
                "code": "871731000000106",
                "display": "Referral to social prescribing service"
              }
            ]
          },
          "needs": [
            {
              "text": "Rent arrears",
              "importance": 8,
              "statedBy": "person"
            }
          ],
          "work": {
            "asked": "not-now"
          },
          "risks": [
            {
              "none": true
            }
          ],
          "consent": [
            {
              "scope": "share-with-link-worker",
              "decision": "yes",
              "at": "2026-03-02"
            }
          ],
          "documents": [
            {
              "contentType": "application/pdf",
              "title": "Letter",
              "size": 48211
            }
          ]
        }
        """#

    static var referral: Referral { read(json) }

    static func read(_ json: String) -> Referral {
        let (referral, findings) = CanonicalJSON.read(Array(json.utf8), named: "sample.json")
        #expect(findings == [], "the sample is good")
        return referral ?? Referral(schema: .referral)
    }

    /// The sample with members set or, where the value is `nil`, taken away: `["person.birthDate": nil]`. List items
    /// are named by number.
    static func with(_ changes: [String: Any?]) -> Referral {
        do {
            var root: Any = try JSONSerialization.jsonObject(with: Data(json.utf8))
            for (path, value) in changes { set(&root, path.split(separator: ".").map(String.init)[...], value) }
            return read(String(decoding: try JSONSerialization.data(withJSONObject: root), as: UTF8.self))
        } catch {
            Issue.record(error)
            return Referral(schema: .referral)
        }
    }

    private static func set(_ node: inout Any, _ path: ArraySlice<String>, _ value: Any?) {
        let key = path[path.startIndex]
        if var list = node as? [Any], let place = Int(key) {
            if path.count > 1 { set(&list[place], path.dropFirst(), value) } else if let value { list[place] = value }
            node = list
        } else if var object = node as? [String: Any] {
            if path.count > 1 {
                var child = object[key] ?? [String: Any]()
                set(&child, path.dropFirst(), value)
                object[key] = child
            } else {
                object[key] = value
            }
            node = object
        }
    }

    static func json(_ referral: Referral, pretty: Bool = false, masked: Bool = false) -> String {
        var output: [UInt8] = []
        CanonicalJSON.write(referral, into: &output, pretty: pretty, masked: masked)
        return String(decoding: output, as: UTF8.self)
    }
}

extension Referral {
    /// Sets values by path below an open group, for tests.
    mutating func add(_ path: String, _ text: String, in parent: UInt32 = 0) {
        append(schema.require(path), Array(text.utf8).span, in: parent)
    }
}
