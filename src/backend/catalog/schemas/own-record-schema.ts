import * as z from 'zod'
import { noneByDefault, offByDefault } from '#backend/catalog/schemas/fields.ts'

/**
 * The schema of a record for people who write one by hand: what is usually unknown, empty, off or
 * none can be left out.
 * The records it yields are those of the strict schema.
 */
export function ownRecordSchema<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
): z.ZodType<z.infer<z.ZodObject<Shape>>> {
  return lenient(schema) as z.ZodType<z.infer<z.ZodObject<Shape>>>
}

function lenient(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodNullable) return z.nullable(lenient(schema.unwrap())).default(null)
  if (schema instanceof z.ZodArray) return schema.default([])
  if (schema === offByDefault) return offByDefault.default(false)
  if (schema === noneByDefault) return noneByDefault.default(0)
  if (!(schema instanceof z.ZodObject)) return schema
  const fields: [string, z.core.$ZodType][] = Object.entries(schema.shape)
  return z.strictObject(Object.fromEntries(fields.map(([name, field]) => [name, lenient(field)])))
}
